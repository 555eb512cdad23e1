"""draft"""
def decide(low, high, q, *, higher_is_better, confidence):
    if low is None or high is None or q is None or q > 1 - confidence or low <= 0 <= high:
        return "can't tell"
    return "better" if (low > 0) == higher_is_better else "worse"
