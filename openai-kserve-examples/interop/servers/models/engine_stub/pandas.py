"""Stands for pandas, which TensorRT-LLM's model uses for metrics only."""
