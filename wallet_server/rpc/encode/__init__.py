"""Values to messages, one module a noun. Start reading at `responses.py`.

What the responses to bets are made of is written in place by functions `fill_…`: a
message that is made first and then put into another is copied, and copies are most of
what encoding costs. Only what many bets and entries share is made once, kept and copied: times,
and the rules of bets. Elsewhere functions `encode_…` return messages.
"""
