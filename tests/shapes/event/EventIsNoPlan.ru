# An event that is only a plan.
INSERT DATA { :plot a trt:Content }
