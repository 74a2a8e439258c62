"""What people and machines read of a batch: table, workbook, Parquet, JSON Lines, and the page."""

from classifier.reports.writing import check_destination, write_outputs

__all__ = ["check_destination", "write_outputs"]
