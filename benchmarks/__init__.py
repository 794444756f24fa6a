"""Speed, shown as ratios beside a baseline that runs in the same minute on the same machine."""
