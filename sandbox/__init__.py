"""WeCom on one desk: a strict fake platform, its page, stories, and the commands that join them to the product."""
