"""Reading what office people type: deterministic, no guesses about money (research: no library was safe enough)."""
