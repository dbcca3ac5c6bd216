"""The parts that pages share: frame, session, sidebar, live charts. Pages themselves are words and calls.

Where to look: `page` the frame of every page, `session` what a visit remembers (every session key and query
parameter is named there), `server` the runs, `sidebar` the settings, `transport` Play and its neighbours,
`live` what moves, `coach` what it says of it, `wording` the sentences; `browser` the JavaScript and the
components made of it, `feed` all that moves in one message, `chart` and `network` the places where it does.
"""
