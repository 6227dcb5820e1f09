"""Budget pages: those that show (reading.py) and those that change (editing.py)."""
