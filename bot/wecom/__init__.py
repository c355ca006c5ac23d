"""The WeCom edge: protocol, parsing, and the API client. The only place that imports wechatpy."""
