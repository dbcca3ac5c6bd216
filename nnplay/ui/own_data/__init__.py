"""Your own data on the page: a `button`, the `dialog` that reads them, a plane for `drawing` points."""
