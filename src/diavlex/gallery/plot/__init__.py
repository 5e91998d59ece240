"""Paintings for plotters and robots: lines in millimeters, one layer a pen, in a short order."""

from .job import Job, Setup, job_of
from .writing import save_gcode, save_plot_svg, to_gcode, to_plot_svg

__all__ = ["Job", "Setup", "job_of", "save_gcode", "save_plot_svg", "to_gcode", "to_plot_svg"]
