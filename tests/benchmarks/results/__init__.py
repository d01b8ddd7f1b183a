"""From what was measured to figures, ratios, a report, and a page with plots."""
