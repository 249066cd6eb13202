"""Talks to any OpenAI-compatible server: streamed text, validated structured replies, every fault as a ModelError."""

from interviewer.adapters.openai_model.addresses import Guard
from interviewer.adapters.openai_model.local import LocalServer, find_local_servers
from interviewer.adapters.openai_model.model import OpenAIModel
from interviewer.adapters.openai_model.probe import ProbeReport
from interviewer.adapters.openai_model.profiles import Profiles
from interviewer.adapters.openai_model.structured import FailedCall

__all__ = ["FailedCall", "Guard", "LocalServer", "OpenAIModel", "ProbeReport", "Profiles", "find_local_servers"]
