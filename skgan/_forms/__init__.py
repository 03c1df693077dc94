"""X <-> plain columns: what X was, read once, so that rows can be handed back as X's own kind."""

from ._form import Column, Form, Table, form_from_state, read_table, read_target

__all__ = ["Column", "Form", "Table", "form_from_state", "read_table", "read_target"]
