"""Training: corpus, design matrix, heads, calibration, thresholds, evaluation. The only room that knows scikit-learn."""
