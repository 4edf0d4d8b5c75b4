# A signing that is some other event.
DELETE { :treaty trt:signedIn ?any } INSERT { :treaty trt:signedIn :break } WHERE { :treaty trt:signedIn ?any }
