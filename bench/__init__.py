"""How well messages are read: the figures, and the program that prints them. No part of what is installed."""
