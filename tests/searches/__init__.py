"""Whole job searches: fictional people, all their mail over two or three months, and where each mail belongs."""
