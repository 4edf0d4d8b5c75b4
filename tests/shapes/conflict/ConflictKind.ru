# A conflict of no kind.
DELETE { :conflict trt:conflictKind ?any } WHERE { :conflict trt:conflictKind ?any }
