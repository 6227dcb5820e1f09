"""What a plan administrator keeps: units with their names and places, reporting periods, plans and their states."""
