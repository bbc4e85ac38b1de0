"""The foundation of the end-to-end tests: the programs, raw sockets, simulated people, nginx."""
