"""Training: corpus, design matrix, heads, calibration, thresholds, evaluation. Alone in knowing scikit-learn."""
