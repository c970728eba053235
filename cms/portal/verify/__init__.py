"""«Xác minh cảnh báo»: is this warning, address or account really ours (docs/verify.md)."""
