"""Vendors of models: whose price list is a model's own, and which one its spelling names.

Source: the provider words of LiteLLM's price file, and the organisation prefixes under which
OpenRouter, Fireworks and Hugging Face spell the vendors' models.
"""

from collections.abc import Mapping

VENDORS: Mapping[str, tuple[str, ...]] = {
    "claude": ("anthropic",),
    "gpt": ("openai",),
    "chatgpt": ("openai",),
    "codex": ("openai",),
    "o1": ("openai",),
    "o3": ("openai",),
    "o4": ("openai",),
    "gemini": ("gemini", "vertex_ai-language-models"),
    "gemma": ("gemini", "vertex_ai-language-models"),
    "grok": ("xai",),
    "kimi": ("moonshot",),
    "moonshot": ("moonshot",),
    "glm": ("zai",),
    "deepseek": ("deepseek",),
    "mistral": ("mistral",),
    "ministral": ("mistral",),
    "magistral": ("mistral",),
    "codestral": ("mistral", "codestral"),
    "devstral": ("mistral",),
    "pixtral": ("mistral",),
    "qwen": ("dashscope", "qwen_ai_platform", "qwencloud"),
    "qwq": ("dashscope", "qwen_ai_platform", "qwencloud"),
    "minimax": ("minimax",),
    "command": ("cohere_chat", "cohere"),
    "jamba": ("ai21",),
    "sonar": ("perplexity",),
    "nova": ("amazon_nova", "bedrock_converse", "bedrock"),
    "mimo": ("xiaomi_mimo",),
    "mercury": ("inception",),
}
"""By how a model's name begins, the providers whose entry is the vendor's own, best first."""

_NAMED: Mapping[str, str] = {
    "accounts/fireworks/": "fireworks_ai",
    "ai21/": "ai21",
    "amazon/": "amazon_nova",
    "anthropic/": "anthropic",
    "cohere/": "cohere_chat",
    "deepseek/": "deepseek",
    "deepseek-ai/": "deepseek",
    "google/": "gemini",
    "inception/": "inception",
    "minimax/": "minimax",
    "minimaxai/": "minimax",
    "mistralai/": "mistral",
    "moonshotai/": "moonshot",
    "openai/": "openai",
    "perplexity/": "perplexity",
    "qwen/": "dashscope",
    "x-ai/": "xai",
    "xiaomi/": "xiaomi_mimo",
    "z-ai/": "zai",
    "zai-org/": "zai",
}


def vendors_of(bare: str) -> tuple[str, ...]:
    """Return the providers whose list is the vendor's own, of a name without provider."""
    found = [beginning for beginning in VENDORS if bare.startswith(beginning)]
    return VENDORS[max(found, key=len)] if found else ()


def provider_named(model: str) -> str | None:
    """Return the provider that a spelling names, such as `accounts/fireworks/models/x`."""
    for prefix, provider in _NAMED.items():
        if model.startswith(prefix):
            return provider
    return None
