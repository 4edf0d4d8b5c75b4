# An inference from nothing.
DELETE { :treaty-party trt:premise ?any } WHERE { :treaty-party trt:premise ?any }
