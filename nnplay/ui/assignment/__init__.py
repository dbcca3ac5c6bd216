"""A teacher's task on the page: the `panel` with its goal, `locks` on controls, the `maker` of its link."""
