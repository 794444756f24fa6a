"""Read with the code by whoever forks (forked.READ): the scripts and trees that each process reads once."""

from hotline.flow.load_tree import load_trees
from hotline.flow.prompts import PROMPTS, read_scripts

read_scripts(PROMPTS)
load_trees(PROMPTS)
