"""What the end-to-end tests stand on: the programs, raw sockets, people with a browser's habits, nginx."""
