"""Other people's questions and answers: read from whatever file they lie in, written as scenarios, kept in packs."""
