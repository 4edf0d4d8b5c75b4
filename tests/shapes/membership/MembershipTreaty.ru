# A membership of two treaties.
INSERT DATA { :membership trt:membershipOf :treaty, :treaty-2 . :treaty-2 a trt:Treaty }
