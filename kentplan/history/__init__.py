"""The history of the plan as people read it: what is asked for, what it is called, how it is told, and its file."""
