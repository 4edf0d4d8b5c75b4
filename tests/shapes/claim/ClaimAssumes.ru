# An assumption that nobody has recorded as one.
INSERT DATA { :window trt:assumes :party }
