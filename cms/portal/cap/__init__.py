"""The warnings in the Common Alerting Protocol 1.2 (OASIS, ITU-T X.1303), for other alerting systems."""
