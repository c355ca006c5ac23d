"""
A strict stand-in for WeCom: its own codec, its error codes and limits, its retries (wecom-facts).

An outside witness: imports nothing of the product, so that both cannot share a mistake.
"""
