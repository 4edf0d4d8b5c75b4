# Years without a word for which ends are given.
DELETE WHERE { :held-for-years trt:period ?any }
