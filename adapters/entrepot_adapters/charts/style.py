"""How charts look, as settings of matplotlib: its defaults and these, whatever the reader's own are."""

from typing import Any

import matplotlib as mpl

INK, FAINT, RULE = "#1f2933", "#66717d", "#dfe3e8"
BAR, OUTLINE = "#7aa6d1", "#2f6296"

SETTINGS: Any = {
    **{name: value for name, value in mpl.rcParamsDefault.items() if not name.startswith(("backend", "interactive"))},
    "axes.edgecolor": FAINT,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": FAINT,
    "xtick.labelsize": 7.5,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.color": FAINT,
    "ytick.labelsize": 7.5,
    "ytick.major.size": 0,
    "pdf.fonttype": 3,  # 42 can't embed OpenType fonts such as Noto CJK; text can be searched in either
    "svg.fonttype": "none",  # letters, not their outlines: what reads the page can read them
    "svg.hashsalt": "entrepot",
}
