"""What files of figures say, whatever their format: tables, money, totals. Start at table.py."""
