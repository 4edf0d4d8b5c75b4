# A premise that is no claim.
INSERT DATA { :treaty-party trt:premise :treaty }
