# Two rules for one step.
INSERT DATA { :treaty-party trt:rule trt:YearAfter }
