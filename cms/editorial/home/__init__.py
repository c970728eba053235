"""The start page of the admin and the calendar: what concerns one person now, one panel per module."""
