"""What policies make of bets."""

from wallet.v1 import policy_evaluation_pb2 as pb
from wallet_server.core.administration.comparison import Comparison, Difference
from wallet_server.core.administration.evaluation import Evaluation
from wallet_server.rpc.encode.bets import fill_funding_line
from wallet_server.rpc.encode.refusals import encode_refusal
from wallet_server.rpc.encode.values import fill_money, numbers, timestamp

DIFFERENCES = numbers(Difference, pb.EvaluationDifference, prefix="EVALUATION_DIFFERENCE")


def encode_comparison(comparison: Comparison) -> pb.BetComparison:
    """Encodes what became of a bet, and what would have become of it."""
    bet, currency_code = comparison.bet, comparison.currency_code
    message = pb.BetComparison(
        provider_id=bet.key.provider_id,
        bet_ref=bet.key.bet_ref,
        create_time=timestamp(bet.create_time),
        was=encode_evaluation(comparison.was, currency_code),
        would_be=encode_evaluation(comparison.would_be, currency_code),
        differences=[DIFFERENCES[each] for each in comparison.differences],
    )
    fill_money(message.stake, bet.stake, currency_code)
    return message


def encode_evaluation(evaluation: Evaluation, currency_code: str) -> pb.Evaluation:
    """Encodes what becomes of a bet, in its wallet's currency."""
    message = pb.Evaluation(weight_bp=evaluation.weight_bp)
    for line in evaluation.lines:
        fill_funding_line(message.funding_lines.add(), line, currency_code)
    if evaluation.refusal is not None:
        message.refusal.CopyFrom(encode_refusal(evaluation.refusal))
    return message
