"""How models are spelled, and how they are shown short."""

import pytest

from amp_tray.core.models import is_claude, short_model, spelling_of


@pytest.mark.parametrize(
    ("model", "bare", "undated", "stageless"),
    [
        ("claude-opus-4.5", "claude-opus-4-5", "claude-opus-4-5", "claude-opus-4-5"),
        (
            "us.anthropic.Claude-Sonnet-4-20250514-v1:0",
            *("claude-sonnet-4-20250514", "claude-sonnet-4", "claude-sonnet-4"),
        ),
        ("vertex_ai/claude-x@20250514", "claude-x-20250514", "claude-x", "claude-x"),
        ("accounts/fireworks/models/glm-4p6", "glm-4-6", "glm-4-6", "glm-4-6"),
        ("gpt-5.2-2025-12-11", "gpt-5-2-2025-12-11", "gpt-5-2", "gpt-5-2"),
        ("moonshot/kimi-k2-0905-preview", *["kimi-k2-0905-preview"] * 2, "kimi-k2-0905"),
        (" O3 ", "o3", "o3", "o3"),
        ("", "", "", ""),
        ("/", "", "", ""),
    ],
)
def test_names_are_compared_in_ever_looser_spellings(
    model: str, bare: str, undated: str, stageless: str
) -> None:
    assert spelling_of(model) == (bare, undated, stageless)


@pytest.mark.parametrize(
    ("model", "short"),
    [
        ("claude-opus-4-5-20251101", "opus-4-5"),
        ("anthropic/claude-haiku-4-5", "haiku-4-5"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "sonnet-4-5"),
        ("gpt-5.2-2025-12-11", "gpt-5.2"),
        ("gemini-flash-latest", "gemini-flash-latest"),
        ("unknown", "unknown"),
        ("claude-", "claude-"),
    ],
)
def test_short_names_lose_provider_and_date(model: str, short: str) -> None:
    assert short_model(model) == short


def test_claude_is_claude_wherever_it_is_hosted() -> None:
    assert is_claude("us.anthropic.Claude-opus")
    assert not is_claude("gpt-5.2")
