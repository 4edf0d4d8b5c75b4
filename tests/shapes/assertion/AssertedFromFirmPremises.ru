# Asserted, though its premise rests on an assumption.
INSERT DATA { :treaty-party trt:premise :window }
