"""Pages for people, opened from a chat: plain HTML of our own, nothing from elsewhere (contract, HTTP)."""
