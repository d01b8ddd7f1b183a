"""Money in and out: deposits and operators' adjustments."""
