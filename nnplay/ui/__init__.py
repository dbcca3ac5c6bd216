"""The parts that pages share: frame, session, sidebar, live charts. Pages themselves are words and calls.

Where to look: `page` the frame of every page, `session` what a visit remembers (every session key and query
parameter is named there), `sidebar` the settings, `transport` Play and its neighbours, `live` what moves,
`wording` the sentences, `live_chart` and `tab_memory` the components.
"""
