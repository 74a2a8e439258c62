"""Signals of a thread: repeated comments, private dialogues, pile-ons. They look back only; their state is on disk."""

from classifier.threads.memory import ThreadMemory
from classifier.threads.windows import Windows

__all__ = ["ThreadMemory", "Windows"]
