"""Recomputes and checks a workbook from the program it carries; nothing but the standard library is needed.

Whoever has the workbook open is a `book.Host`. `repair.recompute(host)` computes everything and writes nothing; what it
gives is asked by `check.check`, `statuses.statuses` and `forecast.forecasts`, and its changes are written by
`repair.repair`, kept by `undo.log` and taken back by `undo.undo`.
"""
