"""Talks to any OpenAI-compatible server: streamed text, validated structured replies, every fault as a ModelError."""

from interviewer.adapters.openai_model.model import OpenAIModel
from interviewer.adapters.openai_model.probe import ProbeReport

__all__ = ["OpenAIModel", "ProbeReport"]
