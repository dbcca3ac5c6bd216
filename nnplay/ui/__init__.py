"""The parts that pages share: frame, session, sidebar, live charts. Pages themselves are words and calls.

Where to look: `page` every page's frame, `session` the names of all that a visit remembers (every key of the
session and query parameter), `visit` its settings and its run, `arrival` what a link or a zip opens,
`server` the runs, `playground` where its parts stand, `sidebar` the settings, `transport` Play and its
neighbours, `live` what moves, `coach` what it says of it, `wording` the sentences; `browser` the JavaScript
and the components made of it, `feed` all that moves in one message, `stream` what is pushed between two runs
of the script, `chart` and `network` the places where it is drawn.
"""
