"""The public website: views, lists, feeds, PDF and template tags."""
