"""The parts of the command line: arguments, what is read, what is fitted, what is written."""
