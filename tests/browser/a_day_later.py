"""The app as it will be tomorrow: app.py, with a clock that is a day ahead."""

from datetime import UTC, datetime, timedelta
from functools import partial

import streamlit as st

from interviewer.bootstrap import build
from interviewer.ui import server, wiring

wiring.build = partial(build, clock=lambda: datetime.now(UTC) + timedelta(days=1))

settings = server.prepared()
app = st.App(server.SCRIPT, middleware=server.middleware(settings), lifespan=server.lifespan)
