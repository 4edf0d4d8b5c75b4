# A conflict of two statuses.
INSERT DATA { :conflict trt:conflictStatus trt:ResolvedConflict }
